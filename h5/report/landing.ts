/**
 * The address by which this page was opened, before any route changed it. WeChat on iOS compares
 * signatures with it for the whole visit, so it is read when the first script runs (see main.ts), not
 * when the SDK is loaded.
 */
export const LANDING = typeof location === 'undefined' ? '' : location.href
