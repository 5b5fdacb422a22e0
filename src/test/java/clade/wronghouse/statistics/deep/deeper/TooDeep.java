package clade.wronghouse.statistics.deep.deeper;

class TooDeep {}
