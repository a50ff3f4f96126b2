"""What the `hepjob` commands know of a site: experiments, groups, wall times, and the accounting that follows."""
