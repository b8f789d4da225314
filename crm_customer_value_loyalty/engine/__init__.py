"""SQL of what gift cards, eWallets and rewards do to purchases. It knows numbers and SQL, and no models."""
