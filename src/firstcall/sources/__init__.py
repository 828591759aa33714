"""Where does data come from? One file per system or format; each entry is a frozen `Source`."""
