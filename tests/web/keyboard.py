"""A walk by the Tab key over what can be used on a page: what it does not reach, and where it goes wrong."""

from __future__ import annotations

from playwright.sync_api import Page

TERMINAL_LEFT = "Control+Shift+Escape"
"""A terminal takes every other key, Tab too."""

BEGIN = """() => {
  const able = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]'
  // Within these, arrow keys move: one of their elements is on the way of the Tab key.
  const composite = '[role=tablist], [role=tree], [role=listbox], [role=menu], table[aria-rowcount] tbody'
  const scope = document.querySelector('dialog[open]') ?? document.body
  const inSight = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length > 0
  const groupOf = (one) => one.closest(composite) ?? (one.type === 'radio' ? `${one.form} ${one.name}` : one)
  const named = (one) => `${one.tagName} ${one.ariaLabel ?? one.textContent.trim().slice(0, 40)} ${one.className}`
  const walk = { left: new Map(), faults: [] }
  for (const one of scope.querySelectorAll(able)) {
    if (one.disabled || !inSight(one) || one.closest('[aria-hidden=true]')) continue
    if (one.tabIndex >= 0) walk.left.set(groupOf(one), named(one))
    else if (one.closest(composite)) continue
    else if (!/^(H[1-6]|MAIN)$/.test(one.tagName) && !one.closest('.cm-editor')) walk.left.set(one, named(one))
  }
  // A field in a box may leave it to the box to show a ring.
  const ringed = (one, most = 3) => {
    const { outlineStyle, outlineWidth } = getComputedStyle(one)
    if (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) return true
    return most > 0 && ringed(one.parentElement, most - 1)
  }
  document.addEventListener('focusin', ({ target }) => {
    walk.left.delete(groupOf(target))
    if (!scope.contains(target)) walk.faults.push(`outside the dialog: ${named(target)}`)
    if (!ringed(target)) walk.faults.push(`no ring: ${named(target)}`)
  })
  window.__walk = walk
  return walk.left.size
}"""
LEFT = "() => [...window.__walk.left.values()]"
FAULTS = "() => [...new Set(window.__walk.faults)]"
IN_TERMINAL = "() => document.activeElement?.closest('.xterm') !== null"
STEP = 12


def walked(page: Page) -> tuple[list[str], list[str]]:
    """What Tab did not reach, and what it reached without a ring, or outside an open dialog. Twice as many steps as
    there are elements are enough.

    A terminal is left towards what stands before it, so with one in sight the walk goes backwards.
    """
    most = 2 * int(page.evaluate(BEGIN)) + 2 * STEP
    key, step = ("Shift+Tab", 1) if page.locator(".xterm:visible").count() else ("Tab", STEP)
    for _ in range(0, most, step):
        for _ in range(step):
            page.keyboard.press(key)
        if step == 1 and page.evaluate(IN_TERMINAL):
            _leave(page)
        if not page.evaluate(LEFT):
            break
    return page.evaluate(LEFT), page.evaluate(FAULTS)


def _leave(page: Page) -> None:
    """Out of the terminal, once forward through what stands between there and the terminal, and out again."""
    page.keyboard.press(TERMINAL_LEFT)
    if page.evaluate(IN_TERMINAL):
        return  # one that is replayed takes no key
    for _ in range(STEP):
        page.keyboard.press("Tab")
        if page.evaluate(IN_TERMINAL):
            break
    page.keyboard.press(TERMINAL_LEFT)
