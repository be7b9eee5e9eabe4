"""What goes with a delivery from hand to hand: its manifest, the signature over that, and the receiver's receipts."""
