"""What is handed over: one file per report, each a frozen `Report` that builds a `Document` any format can show."""
