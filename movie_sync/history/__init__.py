"""What was watched, wherever: kept at home, and told to others."""
