"""What a job is bound by, in plain words: `judge` is the way in, `from_store` reads what it needs of one job.

Pure functions over `Figures`; each class of behaviour is one function beside those of its kind (`cpu`, `memory`, `io`,
`life`), with limits that follow from a definition (`limits`) and were not fitted to any job.
"""
