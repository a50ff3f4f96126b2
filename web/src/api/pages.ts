/** Lists that are answered in pages. */
import { request } from './request'

/** All rows, page after page; `path` has a query already. */
export async function allPages<Page extends { next_cursor: string | null }, Row>(
  path: string,
  rows: (page: Page) => Row[],
): Promise<Row[]> {
  const found: Row[] = []
  let more = ''
  for (;;) {
    const page = await request<Page>(`${path}${more}`)
    found.push(...rows(page))
    if (page.next_cursor === null) return found
    more = `&cursor=${encodeURIComponent(page.next_cursor)}`
  }
}
