"""Who computes? One file per engine, one contract, one table of the functions a metric may use."""
