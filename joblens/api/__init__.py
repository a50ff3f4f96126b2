"""JobLens over HTTP: `/data/*` as the public JobLens' clients ask for it, and the native `/api/v1/joblens/*`."""
