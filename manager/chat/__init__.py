"""`ink chat`: a conversation with the agent in a terminal, over the REST interface of the running manager.

`told` says what an event is in words, `screen` shows it, `conversations` speaks with the manager, `turn` follows one
answer and asks where a human has to decide, `talk` is the whole of it.
"""
