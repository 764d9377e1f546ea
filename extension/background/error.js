/**
 * What went wrong, in words for the console.
 *
 * @param {unknown} error
 */
export const message = (error) => (error instanceof Error ? error.message : String(error));
