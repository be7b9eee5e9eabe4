"""How events travel: one port, in-process delivery and RabbitMQ behind it."""
