package clade.segmentation;

import clade.segmentation.conditions.Condition;

/** A condition of a definition, and the JSON pointer to where it stands there. */
record Placed(String pointer, Condition condition) {}
