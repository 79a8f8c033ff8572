// Nest turns what a handler throws into "Internal server error" before the transport sees it. The courier needs the
// error itself, to tell a refusal from a fault.
import type { RpcExceptionFilter } from '@nestjs/common';
import { throwError, type Observable } from 'rxjs';

export class KeepFaults implements RpcExceptionFilter<unknown> {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
