package clade.wronghouse.statistics;

class LooksAtTheClock {
    final long seed = System.nanoTime();
}
