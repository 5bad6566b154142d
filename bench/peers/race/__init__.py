"""The application Viewflow looks for its flow in."""
