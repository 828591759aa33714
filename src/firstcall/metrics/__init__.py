"""What is the catalogue? One file per family of metrics, over relations that say what one row is."""
