import Kith
