"""Building blocks of every HTTP application of the platform: errors, security, headers, identity and health routes."""
