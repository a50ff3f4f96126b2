"""The measures of budgets as answers and requests have them."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field

from manager.budgets.accounts import Balance
from manager.budgets.amounts import Amounts, Limits, shown

Count = Annotated[int | None, Field(ge=0, le=10**15, description="Null for no limit.")]
Money = Annotated[float | None, Field(ge=0, le=1e9, description="In the site's unit of money; null for no limit.")]
Span = Annotated[float | None, Field(ge=0, le=1e12, description="Null for no limit.")]


class Measures(BaseModel):
    """Tokens of models, money in the site's unit, calls of tools, seconds that all these took, CPU-hours of jobs."""

    tokens: int
    money: float
    calls: int
    wall_s: float
    cpu_hours: float

    @classmethod
    def of(cls, amounts: Amounts) -> Self:
        return cls.model_validate(shown(amounts))


class OptionalMeasures(BaseModel):
    """The same as limits; null where there is none."""

    tokens: int | None
    money: float | None
    calls: int | None
    wall_s: float | None
    cpu_hours: float | None

    @classmethod
    def of(cls, limits: Limits) -> Self:
        return cls.model_validate(shown(limits))


class Budget(BaseModel):
    """How an account stands (`user NAME` in the calendar month, `task ID`, `session ID`): with what is reserved for
    what is under way and for jobs that have not ended.
    """

    account: str
    limits: OptionalMeasures
    spent: Measures
    reserved: Measures
    left: OptionalMeasures


class NewBudget(BaseModel):
    """The limits from now on, all of them: what is left out is not limited."""

    model_config = ConfigDict(extra="forbid")

    tokens: Count = None
    money: Money = None
    calls: Count = None
    wall_s: Span = None
    cpu_hours: Span = None

    def limits(self) -> Limits:
        return Limits.given(**self.model_dump())


def budget_of(balance: Balance) -> Budget:
    return Budget(
        account=balance.account,
        limits=OptionalMeasures.of(balance.limits),
        spent=Measures.of(balance.spent),
        reserved=Measures.of(balance.reserved),
        left=OptionalMeasures.of(balance.left),
    )
