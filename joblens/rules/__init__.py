"""Rules over what is measured: a pure engine that turns measurements into captures, warnings and gated actions.

`rule_set` is what a file may say, `shipped.yaml` what a site starts with. `measures` makes figures of batches, `engine`
handles them; `backtest` runs the same engine over what the store holds. Whoever runs it live executes the instructions.
"""
