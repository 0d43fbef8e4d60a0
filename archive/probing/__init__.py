"""What can be learned of an unknown site from a few of its pages."""
