package clade.wronghouse.rfm;

import clade.wronghouse.clustering.Grouping;

class UsesClustering {
    final Grouping grouping = new Grouping();
}
