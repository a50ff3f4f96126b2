"""The interface of the public JobLens for its clients as they are: `/data/*` and the triggers, in its own words."""
