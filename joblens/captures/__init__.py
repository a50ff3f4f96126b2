"""Time-boxed finer looks at a job: what one is (`capture`), and the book of those that were begun (`book`)."""
