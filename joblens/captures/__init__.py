"""Time-boxed finer looks at a job: what one is (`capture`), which began (`book`), what a node is told (`order`)."""
