"""OpenAI's chat completions over the harness, for chat front ends that exist.

`wire` is the form on the wire, `exchanges` what was said in a session, `finding` the session that a request goes on
with, `answering` the answer of a turn as pieces of text, `turning` all of it for one request.
"""
