/** Thrown by a test whose subject is not there yet. */
export class Skip extends Error {}
