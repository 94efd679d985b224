/** The rows that every server answers with. */
export const users = Array.from({ length: 20 }, (_, index) => ({
  id: String(index + 1),
  name: `User ${index + 1}`,
  email: `user.${index + 1}@example.com`,
}));

export const products = Array.from({ length: 20 }, (_, index) => ({
  id: String(index + 1),
  name: `Product ${index + 1}`,
  price: (999 + 100 * index) / 100,
}));
