"""The demo world's business data: made from demo/world.json and demo/catalog.json with a fixed seed."""
