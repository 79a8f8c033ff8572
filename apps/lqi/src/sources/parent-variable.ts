/** In a child's environment: the id of the process that started it. */
export const parentVariable = 'ANONYMESH_PARENT';
