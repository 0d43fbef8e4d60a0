"""The command line and the settings: the one place that reads the environment."""
