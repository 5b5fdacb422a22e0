package clade.datasets;

import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Makes, shows, changes and deletes datasets. */
@RestController
@RequestMapping("/api/v1/datasets")
@Tag(name = "1 Datasets", description = "One dataset a shop, brand or product whose customers are segmented together")
class DatasetController {

    private final Datasets datasets;

    DatasetController(Datasets datasets) {
        this.datasets = datasets;
    }

    @PostMapping
    @Operation(summary = "Make a dataset")
    @ApiResponse(responseCode = "201", description = "Made; Location names it")
    @ApiResponse(responseCode = "400", description = "A field is missing or wrong", ref = "Problem")
    @ApiResponse(responseCode = "409", description = "The key is taken", ref = "Problem")
    ResponseEntity<DatasetView> create(@RequestBody NewDataset wanted) {
        datasets.create(wanted);
        String key = Objects.requireNonNull(wanted.key());
        return ResponseEntity.created(URI.create("/api/v1/datasets/" + key)).body(datasets.view(key));
    }

    @GetMapping
    @Operation(summary = "List the datasets, by key")
    DatasetList list() {
        return new DatasetList(datasets.list());
    }

    @GetMapping("/{dataset}")
    @Operation(summary = "Show a dataset: settings, counts and period")
    @ApiResponse(responseCode = "200", description = "The dataset")
    @ApiResponse(responseCode = "404", description = "There is none of this key", ref = "Problem")
    DatasetView get(@PathVariable String dataset) {
        return datasets.view(dataset);
    }

    @PatchMapping("/{dataset}")
    @Operation(
            summary = "Change settings of a dataset",
            description =
                    "Absent fields stay. A new cancellationPattern also decides anew which stored transactions are "
                            + "returns; a new timeZone moves the local days of what is stored. Runs see both from the next one on.")
    @ApiResponse(responseCode = "200", description = "The dataset, changed")
    @ApiResponse(responseCode = "400", description = "A field is wrong", ref = "Problem")
    @ApiResponse(responseCode = "404", description = "There is none of this key", ref = "Problem")
    DatasetView change(@PathVariable String dataset, @RequestBody DatasetChange change) {
        datasets.change(dataset, change::applyTo);
        return datasets.view(dataset);
    }

    @DeleteMapping("/{dataset}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    @Operation(summary = "Delete a dataset and everything in it")
    @ApiResponse(responseCode = "204", description = "Deleted")
    @ApiResponse(responseCode = "404", description = "There is none of this key", ref = "Problem")
    void delete(@PathVariable String dataset) {
        datasets.delete(dataset);
    }

    record DatasetList(List<DatasetView> datasets) {}
}
