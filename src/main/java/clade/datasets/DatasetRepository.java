package clade.datasets;

import java.util.Optional;
import org.springframework.data.repository.Repository;

interface DatasetRepository extends Repository<Dataset, Long> {

    Dataset saveAndFlush(Dataset dataset);

    Optional<Dataset> findByKey(String key);

    int deleteByKey(String key);
}
