"""Renders a deployment: base → profile → extras → site overlay, merged, checked and written as files for containers.

Pure but for the files it reads and writes: it asks nobody, needs no engine and makes no key. What it writes holds no
secret; those are made by `deploy.init`, on the machine itself.
"""
