package clade.customers;

/** A named, typed fact of a dataset's customers. */
public record Attribute(String name, AttributeType type) {}
