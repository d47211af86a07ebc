"""Pages made for one visitor and given to the next, for as long as nothing that visitors see has changed."""
