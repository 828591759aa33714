"""How do rows move up? Read a file, conform its rows, admit them once, keep the rollups true."""
