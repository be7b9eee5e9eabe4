"""What signs with: certificates with their keys, and the services that stamp the time."""
