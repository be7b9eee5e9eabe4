"""What goes to the receiving archive: agreements, deliveries in numbered parts, packages, receipts."""
