/** The workloads' titles, by id; apart from the workloads because Node reads them without the engine. */
export const workloadNames: Readonly<Record<string, string>> = {
  'mlp-bp': 'MLP 784-512-512-10, BP',
  'mlp-pfa': 'MLP 784-512-512-10, PFA at expansion 10, literal',
  'mlp-pfa-factored': 'The same PFA; ours by the factored form, PFA-f, the others literal',
  'cnn-bp': 'CNN conv 3×3×16, conv 3×3×32 stride 2, FC 10, BP',
};
