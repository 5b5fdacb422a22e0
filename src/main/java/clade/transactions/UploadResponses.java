package clade.transactions;

import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What every upload may be answered with, in the API's description. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ApiResponse(responseCode = "201", description = "Stored; the report tells what became of the rows")
@ApiResponse(responseCode = "400", description = "A parameter is wrong", ref = "Problem")
@ApiResponse(responseCode = "404", description = "There is no such dataset", ref = "Problem")
@ApiResponse(responseCode = "413", description = "The file is larger than allowed", ref = "Problem")
@ApiResponse(responseCode = "415", description = "The body is of another type", ref = "Problem")
@ApiResponse(
        responseCode = "422",
        description = "The file as a whole can't be read, or not in one way only; nothing is stored",
        ref = "Problem")
@ApiResponse(responseCode = "503", description = "Too many uploads at a time; see Retry-After", ref = "Problem")
@interface UploadResponses {}
