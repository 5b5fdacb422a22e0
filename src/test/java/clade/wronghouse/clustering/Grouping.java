package clade.wronghouse.clustering;

public class Grouping {}
