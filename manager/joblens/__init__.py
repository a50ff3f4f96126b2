"""JobLens in the platform: opened by the settings (`lens`), its rules by the gate, and the commands `ink joblens`."""
