"""Declared: claims beside declarations, checked sentence by sentence."""
