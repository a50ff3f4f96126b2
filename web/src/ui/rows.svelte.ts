/** Which rows of a long table are drawn: those in sight and some beyond. Its look is `.rows` in `app.css`. */
export class Rows {
  /** How far the box is scrolled and how high it is, in pixels. */
  top = $state(0)
  height = $state(600)

  constructor(
    readonly rowHeight: number,
    readonly ahead: number,
    readonly total: () => number,
  ) {}

  readonly from: number = $derived.by(() =>
    Math.max(0, Math.min(Math.floor(this.top / this.rowHeight) - this.ahead, this.total() - 1)),
  )
  readonly until: number = $derived.by(() =>
    Math.min(this.total(), this.from + Math.ceil(this.height / this.rowHeight) + 2 * this.ahead),
  )

  /** Heights of what is not drawn, above and below. */
  get above(): number {
    return this.from * this.rowHeight
  }

  below(drawn: number): number {
    return Math.max(0, this.total() - this.from - drawn) * this.rowHeight
  }
}
