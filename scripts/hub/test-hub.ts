/** Where the hub of the browser tests is: an export knows the address of its hub from the day it is built, so the port is fixed. */
export const TEST_HUB_PORT = 41_830;
export const TEST_HUB_URL = `http://127.0.0.1:${TEST_HUB_PORT}`;
