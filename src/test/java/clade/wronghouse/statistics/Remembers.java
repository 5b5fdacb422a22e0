package clade.wronghouse.statistics;

class Remembers {
    static int fits;
}
