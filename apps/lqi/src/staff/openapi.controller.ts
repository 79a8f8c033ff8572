// GET /openapi.json: the description of this API. It holds nothing about anybody.
import { Controller, Get } from '@nestjs/common';
import { api } from './describe-api.js';

@Controller('openapi.json')
export class OpenapiController {
  @Get()
  describe(): typeof api {
    return api;
  }
}
