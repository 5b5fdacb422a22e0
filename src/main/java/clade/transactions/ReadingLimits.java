package clade.transactions;

/**
 * Bounds of what is read as one record.
 *
 * @param rowLength characters of one record at most
 * @param columns columns at most
 */
record ReadingLimits(int rowLength, int columns) {}
