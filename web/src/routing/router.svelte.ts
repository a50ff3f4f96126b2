/** The current route, from the address bar. */
import { formatRoute, parseRoute, type Route } from './route'

class Router {
  route = $state.raw<Route>(parseRoute(location.hash))

  constructor() {
    addEventListener('hashchange', () => {
      this.route = parseRoute(location.hash)
    })
  }

  go(route: Route): void {
    location.hash = formatRoute(route)
  }

  /** Change the address without a new entry in the history: for filters and the like. */
  replace(route: Route): void {
    history.replaceState(null, '', formatRoute(route))
    this.route = route
  }
}

export const router = new Router()
