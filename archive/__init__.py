"""What was published: fetched, captured, extracted, linked and stored."""
