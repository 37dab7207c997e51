/** The part of the address that holds the selection; a test brings a string of its own. */
export interface Address {
  /** '' or '?...' */
  readonly read: () => string;
  readonly replace: (search: string) => void;
  /** Called when the user goes back or forth in the browser's own history. @returns stops listening */
  readonly onTravel: (listener: () => void) => () => void;
}

/** Browsers refuse more than about a hundred changes of the address in half a minute. */
const QUIET_MS = 150;

export const BROWSER_ADDRESS: Address = browserAddress();

function browserAddress(): Address {
  let timer: ReturnType<typeof setTimeout> | null = null;
  let waiting: string | null = null;

  function write(): void {
    timer = null;
    if (waiting !== null && waiting !== location.search) {
      // `history.state` is the router's; only the address is ours.
      history.replaceState(history.state, '', `${location.pathname}${waiting}${location.hash}`);
    }
    waiting = null;
  }

  return {
    read: () => waiting ?? location.search,
    replace: (search) => {
      waiting = search;
      timer ??= setTimeout(write, QUIET_MS);
    },
    onTravel: (listener) => {
      const travelled = (): void => {
        waiting = null;
        listener();
      };
      // Whoever leaves within the quiet time and comes back finds the newest selection; a reload has its address already.
      window.addEventListener('pagehide', write);
      window.addEventListener('popstate', travelled);
      return () => {
        window.removeEventListener('pagehide', write);
        window.removeEventListener('popstate', travelled);
      };
    },
  };
}
